extension ErrorCode {
    /// A client of an older version does not know PRODUCER_FENCED and is told INVALID_PRODUCER_EPOCH.
    func told(_ version: Int16, fencedSince first: Int16) -> ErrorCode {
        self == .producerFenced && version < first ? .invalidProducerEpoch : self
    }
}
