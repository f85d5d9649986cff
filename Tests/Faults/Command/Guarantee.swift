import ArgumentParser
import SwiftwaterKafka

/// What the application promises, as the command line names it.
enum Guarantee: String, ExpressibleByArgument, CaseIterable, Codable {
    case exactlyOnce = "exactly-once"
    case atLeastOnce = "at-least-once"

    var processing: ProcessingGuarantee {
        switch self {
        case .exactlyOnce: .exactlyOnce
        case .atLeastOnce: .atLeastOnce
        }
    }
}
