import Swiftwater

extension Timestamp {
    /// Later by a duration; what does not fit is the last time that does.
    func advanced(by duration: Duration) -> Timestamp {
        let (sum, overflow) = rawValue.addingReportingOverflow(duration.milliseconds)
        return Timestamp(rawValue: overflow ? (duration < .zero ? .min : .max) : sum)
    }
}
