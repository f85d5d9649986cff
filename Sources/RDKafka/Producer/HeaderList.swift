import CRDKafka

/// Headers on their way into a message; freed unless librdkafka took them over.
@safe
struct HeaderList: ~Copyable {
    let pointer: OpaquePointer

    init(_ headers: [MessageHeader]) {
        unsafe pointer = rd_kafka_headers_new(headers.count)
        for header in headers {
            var name = header.name
            name.withUTF8 { name in
                unsafe name.withMemoryRebound(to: CChar.self) { name in
                    if let value = header.value {
                        unsafe value.withUnsafeBytes { value in
                            // Null is no value; an empty one needs some address.
                            let start = unsafe value.baseAddress ?? UnsafeRawPointer(pointer)
                            unsafe _ = rd_kafka_header_add(pointer, name.baseAddress, name.count, start, value.count)
                        }
                    } else {
                        unsafe _ = rd_kafka_header_add(pointer, name.baseAddress, name.count, nil, 0)
                    }
                }
            }
        }
    }

    consuming func handedOver() {
        discard self
    }

    deinit {
        unsafe rd_kafka_headers_destroy(pointer)
    }
}
