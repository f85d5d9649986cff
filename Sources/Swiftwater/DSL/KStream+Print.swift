extension KStream {
    /// Prints each record as `[label]: key, value`, and ends there; for a look at a stream while a topology grows.
    ///
    /// - Parameters:
    ///   - label: what stands in the brackets; nil is the name of the node before.
    ///   - named: the node's name in ``Topology/describe()``.
    ///   - output: takes a line; by default it goes to standard output.
    ///   - format: makes `key, value` of a record otherwise.
    public func print(
        label: String? = nil,
        named: String? = nil,
        to output: @escaping @Sendable (String) -> Void = { Swift.print($0) },
        _ format: (@Sendable (Key, Value) throws -> String)? = nil
    ) {
        let label = label ?? upstream.node
        let _: KStream<Key, Value> = following("KSTREAM-PRINTER-", named, keySerde: nil, valueSerde: nil, .passes) {
            record, _ in
            let text = try format?(record.key, record.value) ?? "\(shown(record.key)), \(shown(record.value))"
            output("[\(label)]: \(text)")
        }
    }
}
