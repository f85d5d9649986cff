/// A key in a window: what windowed aggregates are kept by; the counterpart of `Windowed`.
public struct Windowed<Key> {
    /// The record's key.
    public var key: Key
    /// The window that the aggregate is of.
    public var window: Window

    /// Creates a windowed key.
    public init(_ key: Key, _ window: Window) {
        self.key = key
        self.window = window
    }
}

extension Windowed: Sendable where Key: Sendable {}
extension Windowed: Equatable where Key: Equatable {}
extension Windowed: Hashable where Key: Hashable {}
extension Windowed: Encodable where Key: Encodable {}
extension Windowed: Decodable where Key: Decodable {}

extension Windowed: CustomStringConvertible {
    /// Key and window, such as `a@[10000, 20000]`.
    public var description: String { "\(key)@\(window)" }
}
