import NIOCore
import Synchronization

extension PartitionLog {
    /// One or more batches; the result is about the first.
    func append(_ records: ByteBuffer, now: Int64) throws -> AppendResult {
        var batches = records.slice()
        let headers = try check(batches)
        return try state.withLock { state in
            guard !state.isClosed else { throw LogFailure.io("\(directory): closed") }
            let stamp = configuration.logAppendTime ? now : -1
            if let known = try duplicate(of: headers, in: state) {
                return AppendResult(baseOffset: known, logAppendTime: stamp, logStartOffset: state.start)
            }
            try checkTransaction(headers, in: state)
            let base = state.end
            var position = 0
            var offset = base
            var patched = headers
            for index in patched.indices {
                if configuration.logAppendTime { stampTime(now, on: &patched[index], in: &batches, at: position) }
                batches.setInteger(offset, at: position)
                batches.setInteger(Int32(0), at: position + 12)
                offset += Int64(patched[index].lastOffsetDelta) + 1
                position += patched[index].totalSize
            }
            try write(batches, patched, to: &state)
            return AppendResult(baseOffset: base, logAppendTime: stamp, logStartOffset: state.start)
        }
    }

    /// Appends batches that stand with their offsets already, and notes what they are.
    func write(_ batches: ByteBuffer, _ headers: [BatchHeader], to state: inout State) throws(LogFailure) {
        let base = state.end
        if let last = state.segments.last, last.isFull(for: headers, size: batches.readableBytes, configuration) {
            state.segments.append(try Segment(directory: directory, baseOffset: base))
        }
        let current = state.segments.count - 1
        try state.segments[current].write(batches, fsync: configuration.fsync)
        var offset = base
        var position = 0
        for header in headers {
            state.segments[current].note(header, baseOffset: offset)
            state.note(header, baseOffset: offset) {
                batches.getSlice(at: batches.readerIndex + position, length: header.totalSize)
            }
            offset += Int64(header.lastOffsetDelta) + 1
            position += header.totalSize
        }
    }

    private func check(_ batches: ByteBuffer) throws(LogFailure) -> [BatchHeader] {
        let compacts = configuration.compacts
        var headers: [BatchHeader] = []
        var position = 0
        while position < batches.readableBytes {
            if let magic = batches.getInteger(at: position + 16, as: Int8.self), magic != 2 {
                throw .unsupportedFormat(magic)
            }
            guard let header = BatchHeader(batches, at: position) else { throw .corrupt("batch header") }
            guard header.totalSize <= batches.readableBytes - position else { throw .corrupt("batch is cut off") }
            guard header.totalSize <= configuration.maxMessageBytes else { throw .tooLarge(header.totalSize) }
            guard !header.isControl else { throw .invalidRecord("control batches are the coordinator's") }
            guard header.count > 0, Int64(header.count) == Int64(header.lastOffsetDelta) + 1 else {
                throw .invalidRecord("\(header.count) records, last offset delta \(header.lastOffsetDelta)")
            }
            guard header.computedChecksum(in: batches, at: position) == header.checksum else {
                throw .corrupt("checksum")
            }
            if compacts { try requireKeys(header, batches, at: position) }
            headers.append(header)
            position += header.totalSize
        }
        return headers
    }

    /// Clients send one batch of an idempotent producer at a time, so the first decides.
    private func duplicate(of headers: [BatchHeader], in state: State) throws(LogFailure) -> Int64? {
        for header in headers where header.producerID >= 0 && header.baseSequence >= 0 {
            guard let producer = state.producers[header.producerID] else { continue }
            guard headers.count == 1 else { throw .invalidRecord("several batches of an idempotent producer") }
            if let known = try producer.admit(header) { return known }
        }
        return nil
    }

    private func stampTime(_ now: Int64, on header: inout BatchHeader, in batches: inout ByteBuffer, at position: Int) {
        header.attributes |= 8
        header.maxTimestamp = now
        batches.setInteger(header.attributes, at: position + 21)
        batches.setInteger(now, at: position + 35)
        if let checksum = header.computedChecksum(in: batches, at: position) {
            header.checksum = checksum
            batches.setInteger(checksum, at: position + 17)
        }
    }
}
