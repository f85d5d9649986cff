import NIOCore

extension PartitionLog {
    /// A record without a key would be lost in a compacted log. What cannot be read is let through, as it is never compacted.
    func requireKeys(_ header: BatchHeader, _ batches: ByteBuffer, at position: Int) throws(LogFailure) {
        guard !header.isControl, let bytes = batches.getSlice(at: position, length: header.totalSize),
            let records = StoredBatch(header: header, bytes: bytes).records
        else { return }
        var cursor = RecordCursor(records)
        while true {
            let record: BatchRecord?
            do throws(CodecError) { record = try cursor.next() } catch { throw .corrupt("records") }
            guard let record else { return }
            if record.key == nil { throw .invalidRecord("Compacted topic cannot accept message without key") }
        }
    }
}
