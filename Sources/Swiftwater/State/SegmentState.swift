/// What a windowed store remembers beside its entries; all views of one store share it, and it is committed with them.
///
/// It is kept under a key that sorts behind every entry and never reaches the changelog: a restore learns it anew.
final class SegmentState {
    let segments: Segments
    /// The latest time of any entry that came; expiry is measured from it (S-59).
    private(set) var latest: Int64 = -1
    /// The latest time of any entry that a cache has flushed; what it hides of older entries is not told downstream.
    private(set) var flushed: Int64 = -1
    /// The number given to the last entry of a store that keeps duplicates.
    private var sequence: Int32 = 0
    /// What is still to be emitted when its window closes begins here; it does not expire before that (S-62).
    var heldFrom: Int64?
    /// Whether all of a segment can be read while it lives. Kafka Streams' record cache shows what its stores hide already, so
    /// that a late record still finds its session; stores that are cached are read this way.
    var readsWholeSegments = false
    /// Whether what cannot be read any more is refused at once, as stores in memory do.
    var isStrict: Bool
    private var isLoaded = false
    private var isChanged = false

    static let key: [UInt8] = [0xff]

    init(_ segments: Segments, isStrict: Bool) {
        self.segments = segments
        self.isStrict = isStrict
    }

    func observe(_ time: Int64) {
        if time > latest {
            latest = time
            isChanged = true
        }
    }

    func flush(_ time: Int64) {
        flushed = max(flushed, time)
    }

    /// Takes note of a number that was given before; new ones come after it.
    func observe(sequence: Int32) {
        if sequence > self.sequence {
            self.sequence = sequence
            isChanged = true
        }
    }

    func nextSequence() -> Int32 {
        sequence = (sequence &+ 1) & .max
        isChanged = true
        return sequence
    }

    /// Reads what the last commit left; the store calls it before its first use, or before each where others write it.
    func load(anew: Bool, _ value: () throws -> UnsafeRawBufferPointer?) throws {
        if isLoaded, !anew { return }
        isLoaded = true
        guard let bytes = try value(), bytes.count >= 12 else { return }
        latest = max(latest, Int64(bigEndian: bytes.loadUnaligned(as: Int64.self)))
        flushed = max(flushed, latest)
        sequence = max(sequence, Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: Int32.self)))
    }

    /// What to write at a commit; nil if nothing changed since the last.
    func takeChanges() -> [UInt8]? {
        guard isChanged else { return nil }
        isChanged = false
        let writer = ByteWriter()
        writer.append(bigEndian: latest)
        writer.append(bigEndian: sequence)
        return writer.bytes
    }

    /// Whether an entry of this time is refused because the store is past it (S-59).
    func isExpired(_ time: Int64) -> Bool { segments.isExpired(time, at: latest, strictly: isStrict) }

    /// The earliest time that can still be read.
    var earliestReadable: Int64 { segments.earliestReadable(at: latest, wholeSegments: readsWholeSegments) }

    /// The first key that is kept: everything before it has expired. Nil while nothing has.
    var floor: [UInt8]? {
        var earliest = earliestReadable
        if let heldFrom { earliest = min(earliest, heldFrom) }
        let group = segments.group(of: earliest)
        return group == 0 ? nil : ByteWriter.bound(group)
    }
}
