/// What the right side of a foreign-key join answers to a left row (S-84, F-08).
///
/// As bytes: the version in 7 bits below a bit that says that there is no hash, the hash (16 bytes), the right value. No bytes
/// of a value are no value: Kafka Streams' format cannot tell an empty text from none.
struct SubscriptionResponse<Value> {
    static var version: UInt8 { 0 }

    /// The hash of the left value that the subscription was made for.
    var hash: ValueHash?
    var value: Value?
    /// Where the response goes, which is not written; nil leaves it to the key.
    var primaryPartition: Int32?
}

extension SubscriptionResponse {
    /// How responses are written, given how right values are.
    static func serde(_ value: Serde<Value>) -> Serde<SubscriptionResponse> {
        Serde<SubscriptionResponse> { response, bytes, context in
            bytes.append(response.hash == nil ? version | 0x80 : version)
            response.hash?.write(to: bytes)
            if let right = response.value { _ = try value.write(right, to: bytes, context) }
        } deserializeInContext: { bytes, context in
            try bytes.withUnsafeBytes { try SubscriptionResponse($0, value, context) }
        }
    }

    private init(_ bytes: UnsafeRawBufferPointer, _ value: Serde<Value>, _ context: SerdeContext) throws {
        guard let first = bytes.first else { throw SerdeError("a response without bytes") }
        guard first & 0x7f == Self.version else {
            throw SerdeError("a response of version \(first & 0x7f); only \(Self.version) is known")
        }
        var start = 1
        var hash: ValueHash?
        if first & 0x80 == 0 {
            guard let read = ValueHash(reading: bytes, at: start) else {
                throw SerdeError("a response of \(bytes.count) bytes, which end in its hash")
            }
            hash = read
            start += 16
        }
        let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
        self.init(hash: hash, value: rest.isEmpty ? nil : try value.read(rest, context), primaryPartition: nil)
    }
}
