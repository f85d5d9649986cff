/// What one part came to.
struct Measurement: Codable {
    var part: String
    var records: Int
    var seconds: Double
    var recordsPerSecond: Double
    /// Of the measured process, all threads.
    var cpuMicrosecondsPerRecord: Double
    /// Of the embedded broker; nil for a cluster.
    var brokerCPUMicrosecondsPerRecord: Double?
    var peakResidentBytes: Int
    /// nil if the ceiling was not measured.
    var ratioToCeiling: Double?

    init(_ part: Part, records: Int, from start: Usage, to end: Usage) {
        self.part = part.rawValue
        self.records = records
        seconds = end.seconds - start.seconds
        recordsPerSecond = Double(records) / seconds
        cpuMicrosecondsPerRecord = (end.cpuSeconds - start.cpuSeconds) * 1e6 / Double(records)
        peakResidentBytes = ProcessTimes.peakResidentBytes()
    }
}
