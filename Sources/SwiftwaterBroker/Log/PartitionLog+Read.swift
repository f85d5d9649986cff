import NIOCore
import Synchronization

extension PartitionLog {
    /// Whole batches, the first of which holds the offset. Empty at the end of the log, or if the first is larger than allowed.
    func read(from offset: Int64, maxBytes: Int, minOneBatch: Bool) throws -> ByteBuffer {
        try state.withLock { state in
            try read(from: offset, before: state.end, maxBytes: maxBytes, minOneBatch: minOneBatch, in: state)
        }
    }

    /// No batch that begins at the bound or later.
    func read(
        from offset: Int64, before bound: Int64, maxBytes: Int, minOneBatch: Bool, in state: State
    ) throws(LogFailure) -> ByteBuffer {
        guard !state.isClosed, offset >= state.start, offset <= state.end else { throw .offsetOutOfRange }
        // A segment of which compaction left nothing has no batch to give.
        guard let segment = state.segments.first(where: { $0.nextOffset > offset && $0.size > 0 }),
            let (position, first) = try locate(offset, in: segment), first.baseOffset < bound
        else { return ByteBuffer() }
        if first.totalSize > maxBytes {
            return minOneBatch ? try segment.read(at: position, count: first.totalSize) : ByteBuffer()
        }
        var buffer = try segment.read(at: position, count: min(maxBytes, segment.size - position))
        var whole = 0
        while let header = BatchHeader(buffer, at: whole), whole + header.totalSize <= buffer.writerIndex,
            header.baseOffset < bound
        {
            whole += header.totalSize
        }
        buffer.moveWriterIndex(to: whole)
        return buffer
    }

    /// The batch that ends at or after the offset.
    private func locate(_ offset: Int64, in segment: Segment) throws(LogFailure) -> (Int, BatchHeader)? {
        var position = segment.position(before: offset)
        while position < segment.size {
            let bytes = try segment.read(at: position, count: BatchHeader.size)
            guard let header = BatchHeader(bytes, at: 0) else { throw .io("\(segment.path): damaged at \(position)") }
            if header.lastOffset >= offset { return (position, header) }
            position += header.totalSize
        }
        return nil
    }

    /// The first record at or after a time. In a compressed batch it is the batch's first record.
    func offset(forTimestamp timestamp: Int64) throws -> (offset: Int64, timestamp: Int64)? {
        try state.withLock { state in
            for segment in state.segments where segment.maxTimestamp >= timestamp && segment.nextOffset > state.start {
                var position = 0
                while position < segment.size {
                    let bytes = try segment.read(at: position, count: BatchHeader.size)
                    guard let header = BatchHeader(bytes, at: 0) else {
                        throw LogFailure.io("\(segment.path): damaged at \(position)")
                    }
                    if header.maxTimestamp >= timestamp, header.lastOffset >= state.start, !header.isControl,
                        header.count > 0
                    {
                        let batch = try segment.read(at: position, count: header.totalSize)
                        if let found = record(in: batch, header, from: timestamp, start: state.start) { return found }
                    }
                    position += header.totalSize
                }
            }
            return nil
        }
    }

    private func record(
        in batch: ByteBuffer, _ header: BatchHeader, from timestamp: Int64, start: Int64
    ) -> (offset: Int64, timestamp: Int64)? {
        if header.isCompressed || header.attributes & 8 != 0 {
            let time = header.attributes & 8 != 0 ? header.maxTimestamp : max(header.baseTimestamp, timestamp)
            return (max(header.baseOffset, start), time)
        }
        var reader = ProtocolReader(
            batch.getSlice(at: BatchHeader.size, length: batch.readableBytes - BatchHeader.size) ?? batch)
        for _ in 0..<header.count {
            guard let length = try? reader.varint(), length > 0 else { return nil }
            let end = reader.remaining - Int(length)
            guard end >= 0, (try? reader.int8()) != nil, let time = try? reader.varlong(),
                let delta = try? reader.varint()
            else { return nil }
            let found = (offset: header.baseOffset + Int64(delta), timestamp: header.baseTimestamp &+ time)
            if found.timestamp >= timestamp, found.offset >= start { return found }
            while reader.remaining > end { guard (try? reader.int8()) != nil else { return nil } }
        }
        return nil
    }
}
