/// Why a log did not do what it was asked.
enum LogFailure: Error, Equatable {
    case corrupt(String)
    case tooLarge(Int)
    case unsupportedFormat(Int8)
    case outOfOrderSequence
    case invalidProducerEpoch
    case invalidTransactionState
    case offsetOutOfRange
    case invalidRecord(String)
    case io(String)

    var errorCode: ErrorCode {
        switch self {
        case .corrupt: .corruptMessage
        case .tooLarge: .messageTooLarge
        case .unsupportedFormat: .unsupportedForMessageFormat
        case .outOfOrderSequence: .outOfOrderSequenceNumber
        case .invalidProducerEpoch: .invalidProducerEpoch
        case .invalidTransactionState: .invalidTransactionState
        case .offsetOutOfRange: .offsetOutOfRange
        case .invalidRecord: .invalidRecord
        case .io: .storageError
        }
    }
}
