/// What the views of windowed stores have in common: entries by key and window, behind bytes.
protocol WindowedEntries<Key, Value>: AnyObject {
    associatedtype Key
    associatedtype Value

    var bytes: KeyValueBytesStore { get }
    /// The key and window of a physical key; nil for what is no entry.
    func windowed(from physical: UnsafeRawBufferPointer) throws -> Windowed<Key>?
    /// The value of stored bytes.
    func value(from stored: UnsafeRawBufferPointer) throws -> Value
    /// The time of an entry, by which it expires.
    func expiryTime(of window: Window) -> Int64
    /// The time that a change is forwarded with.
    func time(of window: Window, _ stored: Timestamp) -> Timestamp
}
