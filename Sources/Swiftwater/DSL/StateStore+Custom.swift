extension StateStore where Store: AnyObject {
    /// A store of one's own: a class that keeps what it likes in an ordered map of bytes (P-13).
    ///
    /// Where Kafka Streams has a `StateStore` of one's own write files and a changelog and take part in restoring, here only the
    /// layout is one's own: the bytes are kept on disk or in memory, logged, restored and committed exactly once by the library. `open` is
    /// called once a task, when the bytes are restored, so it may read them; all processors of the task share what it returns.
    ///
    /// ```swift
    /// final class Bits {
    ///     private let bytes: StoreBytes
    ///     init(_ bytes: StoreBytes) { self.bytes = bytes }
    ///     func contains(_ bit: UInt8) throws -> Bool { try bytes.value(of: [bit]) != nil }
    ///     func insert(_ bit: UInt8) { bytes.set([], of: [bit]) }
    /// }
    /// let bits = builder.addStateStore(.custom("bits") { Bits($0) })
    /// ```
    ///
    /// - Parameters:
    ///   - name: the store.
    ///   - storeType: on disk, or in memory.
    ///   - logged: whether a changelog topic backs it.
    ///   - open: makes the store of one task.
    public static func custom(
        _ name: String,
        storeType: StoreType = .persistent,
        logged: Bool = true,
        open: @escaping @Sendable (StoreBytes) throws -> Store
    ) -> StateStore<Store> {
        StateStore(
            name: name,
            definition: StoreDefinition(
                name: name, kind: .keyValue, isLogged: logged, storeType: storeType)
        ) { bytes, context in
            try context.shared("store \(name)") { try open(StoreBytes(bytes, context: context)) }
        }
    }
}
