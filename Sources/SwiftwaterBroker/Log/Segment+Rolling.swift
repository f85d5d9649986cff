extension Segment {
    /// Whether batches belong in a new segment: by size, or because their times differ too much from those of the first.
    func isFull(for headers: [BatchHeader], size added: Int, _ configuration: LogConfiguration) -> Bool {
        guard size > 0 else { return false }
        if size + added > configuration.segmentBytes { return true }
        guard firstTimestamp >= 0, let latest = headers.map(\.maxTimestamp).max() else { return false }
        return latest.subtractingReportingOverflow(firstTimestamp).partialValue > configuration.segmentAge
    }
}
