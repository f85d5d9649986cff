/// Hashes left values of a foreign-key join; a serialiser must give equal bytes for equal values (S-84).
final class ValueHasher<Value> {
    private let serde: Serde<Value>
    private let context: SerdeContext
    private let writer = ByteWriter()

    /// - Parameter topic: the subscription topic, after which the serde's context is called.
    init(_ serde: Serde<Value>, topic: String) {
        self.serde = serde
        self.context = SerdeContext(topic: topic + "-vh", component: .value)
    }

    /// The hash of a value; nil of one that is written as null.
    func hash(_ value: Value) throws -> ValueHash? {
        writer.clear()
        guard try serde.write(value, to: writer, context) else { return nil }
        return writer.withUnsafeBytes { ValueHash(of: $0) }
    }
}
