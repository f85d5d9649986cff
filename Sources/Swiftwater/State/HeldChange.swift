/// A change that is held back, as bytes: where it came from, the value before anything was held back, and the change (F-10).
struct HeldChange {
    var timestamp: Int64
    var offset: Int64
    var topic: [UInt8]
    var partition: Int32
    var headers: Headers
    /// The value downstream knows: that before the first update held back.
    var prior: [UInt8]?
    var old: [UInt8]?
    var new: [UInt8]?

    init(
        timestamp: Int64,
        offset: Int64,
        topic: [UInt8],
        partition: Int32,
        headers: Headers,
        prior: [UInt8]?,
        old: [UInt8]?,
        new: [UInt8]?
    ) {
        self.timestamp = timestamp
        self.offset = offset
        self.topic = topic
        self.partition = partition
        self.headers = headers
        self.prior = prior
        self.old = old
        self.new = new
    }

    /// How much memory Kafka Streams reckons for the change, by which a suppression's buffer is full: an old value that is the prior
    /// one counts once, and no lengths do.
    var byteCount: Int {
        var count = 8 + 8 + topic.count + 4 + (prior?.count ?? 0) + (new?.count ?? 0)
        if old != prior { count += old?.count ?? 0 }
        for header in headers { count += header.name.utf16.count + (header.value?.count ?? 0) }
        return count
    }

    func write(to writer: ByteWriter) {
        writer.append(bigEndian: timestamp)
        writer.append(bigEndian: offset)
        writer.append(bigEndian: Int32(topic.count))
        writer.append(contentsOf: topic)
        writer.append(bigEndian: partition)
        writer.append(bigEndian: Int32(headers.count))
        for header in headers {
            writer.append(bigEndian: Int32(header.name.utf8.count))
            writer.append(utf8: header.name)
            Self.append(header.value, to: writer)
        }
        Self.append(prior, to: writer)
        // -2 says that the old value is the prior one.
        if let old, old == prior { writer.append(bigEndian: Int32(-2)) } else { Self.append(old, to: writer) }
        Self.append(new, to: writer)
    }

    /// Reads the stored form; nil when its lengths contradict each other.
    init?(_ bytes: UnsafeRawBufferPointer) {
        var position = 0
        func number<Number: FixedWidthInteger>(_: Number.Type) -> Number? {
            guard position + MemoryLayout<Number>.size <= bytes.count else { return nil }
            defer { position += MemoryLayout<Number>.size }
            return Number(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: Number.self))
        }
        func run(_ length: Int32) -> [UInt8]? {
            guard length >= 0, position + Int(length) <= bytes.count else { return nil }
            defer { position += Int(length) }
            return Array(bytes[position..<(position + Int(length))])
        }
        guard let timestamp = number(Int64.self), let offset = number(Int64.self),
            let topic = number(Int32.self).flatMap(run), let partition = number(Int32.self),
            let headerCount = number(Int32.self)
        else { return nil }
        var headers = Headers()
        for _ in 0..<max(0, headerCount) {
            guard let name = number(Int32.self).flatMap(run), let length = number(Int32.self) else { return nil }
            if length == -1 {
                headers.append(String(decoding: name, as: UTF8.self), nil as [UInt8]?)
            } else {
                guard let value = run(length) else { return nil }
                headers.append(String(decoding: name, as: UTF8.self), value)
            }
        }
        var values: [[UInt8]?] = []
        for _ in 0..<3 {
            guard let length = number(Int32.self) else { return nil }
            switch length {
            case -1: values.append(nil)
            case -2: values.append(values.first ?? nil)
            default:
                guard let value = run(length) else { return nil }
                values.append(value)
            }
        }
        self.init(
            timestamp: timestamp,
            offset: offset,
            topic: topic,
            partition: partition,
            headers: headers,
            prior: values[0],
            old: values[1],
            new: values[2]
        )
    }

    private static func append(_ value: [UInt8]?, to writer: ByteWriter) {
        guard let value else { return writer.append(bigEndian: Int32(-1)) }
        writer.append(bigEndian: Int32(value.count))
        writer.append(contentsOf: value)
    }
}
