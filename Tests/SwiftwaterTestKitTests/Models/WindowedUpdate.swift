/// One update of a table of windowed aggregates, as a model has it.
struct WindowedUpdate {
    var key: String
    var start: Int64
    var end: Int64
    var value: String?
    var time: Int64

    /// As `writeSessions` and a run show it.
    var text: String { "\(key)[\(start)-\(end)=\(value ?? "null")@\(time)" }
}
