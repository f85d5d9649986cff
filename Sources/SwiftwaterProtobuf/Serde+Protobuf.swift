public import SwiftProtobuf
public import Swiftwater

extension Serde where Value: Message {
    /// Protocol Buffers' binary format, with nothing before it; for a key as for a value.
    ///
    /// Equal messages give equal bytes, as the entries of maps are written in the order of their keys: a key is found by its bytes. That holds for
    /// this serde alone. Other languages may write the fields and maps of the same message in another order, so a topic whose keys hold
    /// maps should have writers of one kind. Fields that the type does not know are kept and written again.
    ///
    /// Bytes that are not such a message are a ``ProtobufSerdeError``; so is a message without a required field (proto2), written or read.
    /// Empty bytes are a message of which no field is set; null is not a message, read it with `.optional(.protobuf())`.
    ///
    /// ```swift
    /// builder.stream("orders", key: .string, value: .protobuf(Shop_V1_Order.self))
    /// ```
    ///
    /// - Parameter type: the message, made by `protoc-gen-swift`.
    public static func protobuf(_ type: Value.Type = Value.self) -> Serde<Value> {
        Serde { message, bytes in
            bytes.append(contentsOf: try message.serdeBytes())
        } deserialize: { bytes in
            try Value(serdeBytes: bytes)
        }
    }
}

extension SerdeRepresentable where Self: Message {
    /// Protocol Buffers' binary format: a message only needs to say that it has a serde.
    public static var serde: Serde<Self> { .protobuf() }
}
