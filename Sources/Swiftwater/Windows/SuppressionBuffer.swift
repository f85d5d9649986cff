/// How much a suppression may hold back, and what happens when that is not enough (S-67); the counterpart of `BufferConfig`.
public struct SuppressionBuffer: Sendable {
    /// What happens when more would have to be held back than the buffer may hold.
    public enum WhenFull: Hashable, Sendable {
        /// The oldest is emitted before its time.
        case emitEarly
        /// The application stops with an error: what is emitted is final, or nothing is.
        case shutDown
    }

    /// How many keys may be held back; nil is no limit.
    public var maxRecords: Int?
    /// How many bytes may be held back, as Kafka Streams counts them: of each key its bytes, those of the values before and after,
    /// the topic's name, the headers, and 28 for times, offset and partition; nil is no limit.
    public var maxBytes: Int?
    /// What happens when that is not enough.
    public var whenFull: WhenFull
    /// Whether a changelog topic backs the buffer; without it what is held back is lost with the disk.
    public var isLogged = true
    /// Topic settings of the changelog that differ from the defaults.
    public var changelogSettings: [String: String] = [:]

    /// A buffer with limits.
    public init(maxRecords: Int? = nil, maxBytes: Int? = nil, whenFull: WhenFull = .emitEarly) {
        self.maxRecords = maxRecords
        self.maxBytes = maxBytes
        self.whenFull = whenFull
    }

    /// As much as there is.
    public static let unbounded = SuppressionBuffer()

    /// At most so many keys.
    public static func maxRecords(_ count: Int, whenFull: WhenFull = .emitEarly) -> SuppressionBuffer {
        SuppressionBuffer(maxRecords: count, whenFull: whenFull)
    }

    /// At most so many bytes.
    public static func maxBytes(_ count: Int, whenFull: WhenFull = .emitEarly) -> SuppressionBuffer {
        SuppressionBuffer(maxBytes: count, whenFull: whenFull)
    }

    /// The same buffer without a changelog.
    public func withoutLogging() -> SuppressionBuffer {
        var copy = self
        copy.isLogged = false
        return copy
    }
}
