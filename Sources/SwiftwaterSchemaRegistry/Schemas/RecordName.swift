internal import Foundation
internal import Swiftwater

/// The name of a record's type: a message's full name, or the title of a JSON Schema, which may have none.
struct RecordName: Sendable {
    private let known: String?

    init(_ known: String?) {
        self.known = known
    }

    /// The `title` of a JSON Schema.
    static func title(of schema: String) -> String? {
        struct Titled: Decodable {
            var title: String?
        }
        return (try? JSONDecoder().decode(Titled.self, from: Data(schema.utf8)))?.title
    }

    var text: String {
        get throws {
            guard let known else {
                throw StreamsError(
                    .invalidConfiguration,
                    "the subject is named after the record, which has no name: give the JSON Schema a title, or name the record"
                )
            }
            return known
        }
    }
}
