/// The headers of a record: an ordered list in which a name may occur more than once (KIP-82).
public struct Headers: Sendable, Hashable {
    /// One header: a name, and bytes that may be null.
    public struct Header: Sendable, Hashable {
        /// The name; not unique within a record.
        public var name: String
        /// The bytes, nil for a null header value.
        public var value: [UInt8]?

        /// Creates a header.
        public init(name: String, value: [UInt8]?) {
            self.name = name
            self.value = value
        }
    }

    private var headers: [Header]

    /// No headers; costs no allocation.
    public init() {
        self.headers = []
    }

    /// The headers in the order given.
    public init(_ headers: [Header]) {
        self.headers = headers
    }

    /// Adds a header at the end; an earlier one of the same name stays.
    public mutating func append(_ name: String, _ value: [UInt8]?) {
        headers.append(Header(name: name, value: value))
    }

    /// Adds a header with the UTF-8 bytes of a text at the end.
    public mutating func append(_ name: String, _ text: String) {
        headers.append(Header(name: name, value: Array(text.utf8)))
    }

    /// Removes every header of that name.
    public mutating func removeAll(named name: String) {
        headers.removeAll { $0.name == name }
    }

    /// The last header of that name, which is the one Kafka's `lastHeader` gives.
    public func last(named name: String) -> Header? {
        headers.last { $0.name == name }
    }
}

extension Headers: RandomAccessCollection {
    /// The index of the first header.
    public var startIndex: Int { headers.startIndex }
    /// The index after the last header.
    public var endIndex: Int { headers.endIndex }

    /// The header at a position.
    public subscript(position: Int) -> Header { headers[position] }
}

extension Headers: ExpressibleByDictionaryLiteral {
    /// Headers with text values, in the order written.
    public init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements.map { Header(name: $0.0, value: Array($0.1.utf8)) })
    }
}
