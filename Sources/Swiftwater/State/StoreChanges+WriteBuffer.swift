extension StoreChanges {
    /// All of a buffer's writes, in key order.
    package init(store: Int, sorting buffer: WriteBuffer) {
        self.init(store: store, buffer: buffer, order: buffer.sortedOrder(), floor: nil)
    }
}
