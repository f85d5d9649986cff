extension Serde {
    /// A windowed key as it is written to topics: the key and the window's start, 8 bytes (F-02).
    ///
    /// The end is not written: `size` tells it when keys are read. Records are partitioned by the key alone (S-93).
    public static func timeWindowed<Key>(_ key: Serde<Key>, size: Duration) -> Serde<Windowed<Key>>
    where Value == Windowed<Key> {
        let size = size.milliseconds
        return timeWindowed(key) { window(start: $0, size) }
    }

    /// A windowed key of windows that are not all of one size, such as the days of a calendar, as it is written to topics.
    public static func timeWindowed<Key>(_ key: Serde<Key>, of windows: some Windows) -> Serde<Windowed<Key>>
    where Value == Windowed<Key> {
        timeWindowed(key) { start in
            let start = Timestamp(rawValue: start)
            return Window(start: start, end: try windows.end(ofWindowFrom: start))
        }
    }

    private static func timeWindowed<Key>(
        _ key: Serde<Key>,
        _ window: @escaping @Sendable (_ start: Int64) throws -> Window
    ) -> Serde<Windowed<Key>> where Value == Windowed<Key> {
        windowed(key, suffix: 8) { window, bytes in
            bytes.append(bigEndian: window.start.rawValue)
        } read: { suffix in
            try window(Int64(bigEndian: suffix.loadUnaligned(as: Int64.self)))
        }
    }

    /// A windowed key as window stores write it to their changelogs: key, start and a sequence number (F-03).
    public static func timeWindowedChangelog<Key>(_ key: Serde<Key>, size: Duration) -> Serde<Windowed<Key>>
    where Value == Windowed<Key> {
        let size = size.milliseconds
        return windowed(key, suffix: 12) { window, bytes in
            bytes.append(bigEndian: window.start.rawValue)
            bytes.append(bigEndian: Int32(0))
        } read: { suffix in
            window(start: Int64(bigEndian: suffix.loadUnaligned(as: Int64.self)), size)
        }
    }

    /// A key of a session as it is written to topics and changelogs: key, end and start, 8 bytes each (F-04).
    public static func sessionWindowed<Key>(_ key: Serde<Key>) -> Serde<Windowed<Key>> where Value == Windowed<Key> {
        windowed(key, suffix: 16) { window, bytes in
            bytes.append(bigEndian: window.end.rawValue)
            bytes.append(bigEndian: window.start.rawValue)
        } read: { suffix in
            Window(
                start: Timestamp(
                    rawValue: Int64(bigEndian: suffix.loadUnaligned(fromByteOffset: 8, as: Int64.self))),
                end: Timestamp(rawValue: Int64(bigEndian: suffix.loadUnaligned(as: Int64.self)))
            )
        }
    }

    private static func windowed<Key>(
        _ key: Serde<Key>,
        suffix: Int,
        write: @escaping @Sendable (Window, ByteWriter) -> Void,
        read: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Window
    ) -> Serde<Windowed<Key>> where Value == Windowed<Key> {
        var serde = Serde<Windowed<Key>>(
            serialize: { value, bytes, context in
                guard try key.write(value.key, to: bytes, context) else {
                    throw SerdeError("a windowed key cannot be null")
                }
                write(value.window, bytes)
            },
            deserialize: { bytes, context in
                try bytes.withUnsafeBytes { bytes in
                    guard bytes.count >= suffix else {
                        throw SerdeError("expected at least \(suffix) bytes for a windowed key, got \(bytes.count)")
                    }
                    let plain = try key.read(.init(rebasing: bytes.dropLast(suffix)), context)
                    return Windowed(plain, try read(.init(rebasing: bytes.suffix(suffix))))
                }
            },
            nullValue: nil,
            isNull: nil
        )
        serde.windowByteCount = suffix
        return serde
    }

    private static func window(start: Int64, _ size: Int64) -> Window {
        let (end, overflow) = start.addingReportingOverflow(size)
        return Window(start: Timestamp(rawValue: start), end: Timestamp(rawValue: overflow ? .max : end))
    }
}
