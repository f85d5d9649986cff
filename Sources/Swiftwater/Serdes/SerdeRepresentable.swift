public import Foundation

/// A type that has one obvious serde, which operators use where none is named.
///
/// Texts, numbers, `UUID`, bytes and their optionals have one; conform a type of your own to spare its serde at
/// every operator. A `Codable` type only needs to say so and gets JSON.
public protocol SerdeRepresentable: SendableMetatype {
    /// The serde that is used where none is named.
    static var serde: Serde<Self> { get }
}

extension SerdeRepresentable where Self: Codable {
    /// JSON through `Codable`.
    public static var serde: Serde<Self> { .json() }
}

extension String: SerdeRepresentable {
    /// UTF-8 text.
    public static var serde: Serde<String> { .string }
}

extension Int16: SerdeRepresentable {
    /// 2 bytes, big-endian.
    public static var serde: Serde<Int16> { .int16 }
}

extension Int32: SerdeRepresentable {
    /// 4 bytes, big-endian.
    public static var serde: Serde<Int32> { .int32 }
}

extension Int64: SerdeRepresentable {
    /// 8 bytes, big-endian.
    public static var serde: Serde<Int64> { .int64 }
}

extension Int: SerdeRepresentable {
    /// 8 bytes, big-endian.
    public static var serde: Serde<Int> { .int }
}

extension Double: SerdeRepresentable {
    /// 8 bytes, IEEE 754, big-endian.
    public static var serde: Serde<Double> { .double }
}

extension Float: SerdeRepresentable {
    /// 4 bytes, IEEE 754, big-endian.
    public static var serde: Serde<Float> { .float }
}

extension Bool: SerdeRepresentable {
    /// One byte, 0 or 1.
    public static var serde: Serde<Bool> { .bool }
}

extension UUID: SerdeRepresentable {
    /// 36 characters of text.
    public static var serde: Serde<UUID> { .uuid }
}

extension Data: SerdeRepresentable {
    /// The bytes as they are.
    public static var serde: Serde<Data> { .data }
}

extension [UInt8]: SerdeRepresentable {
    /// The bytes as they are.
    public static var serde: Serde<[UInt8]> { .bytes }
}

extension Optional: SerdeRepresentable where Wrapped: SerdeRepresentable {
    /// The wrapped type's serde, with nil as null.
    public static var serde: Serde<Wrapped?> { .optional(Wrapped.serde) }
}

extension Serde {
    /// The serde of a type that has an obvious one, or nil.
    package static var standard: Serde<Value>? {
        func opened<Type: SerdeRepresentable>(_ type: Type.Type) -> Serde<Value>? { type.serde as? Serde<Value> }
        guard let type = Value.self as? any SerdeRepresentable.Type else { return nil }
        return opened(type)
    }
}
