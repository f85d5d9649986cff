package import SwiftProtobuf

/// The two halves of a serde for messages: what SwiftProtobuf does, with errors that name the message.
extension Message {
    package func serdeBytes() throws(ProtobufSerdeError) -> [UInt8] {
        var options = BinaryEncodingOptions()
        options.useDeterministicOrdering = true
        do {
            return try serializedBytes(options: options)
        } catch {
            throw ProtobufSerdeError(writing: Self.protoMessageName, error)
        }
    }

    package init(serdeBytes bytes: RawSpan) throws(ProtobufSerdeError) {
        do {
            try self.init(serializedBytes: bytes)
        } catch {
            throw ProtobufSerdeError(reading: Self.protoMessageName, error)
        }
    }
}
