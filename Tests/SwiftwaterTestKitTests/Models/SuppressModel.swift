/// What a suppression holds back, as a list that is sorted anew for each update.
struct SuppressModel {
    let wait: Int64
    var maxRecords: Int?
    var dropsDeletions: Bool
    private var streamTime: Int64 = -1
    private var held: [(place: Int64, key: [UInt8], text: String, isDeletion: Bool)] = []

    init(wait: Int64, maxRecords: Int? = nil, dropsDeletions: Bool) {
        self.wait = wait
        self.maxRecords = maxRecords
        self.dropsDeletions = dropsDeletions
    }

    /// Forgets how far time had come.
    mutating func restart() { streamTime = -1 }

    /// Takes an update that is shown as `text`, with its key as bytes; gives what is told.
    mutating func process(key: [UInt8], place: Int64, time: Int64, text: String, isDeletion: Bool) -> [String] {
        streamTime = max(streamTime, time)
        if let index = held.firstIndex(where: { $0.key == key }) {
            held[index].text = text
            held[index].isDeletion = isDeletion
        } else {
            held.append((place, key, text, isDeletion))
        }
        held.sort { $0.place != $1.place ? $0.place < $1.place : $0.key.lexicographicallyPrecedes($1.key) }
        var told: [String] = []
        while let first = held.first {
            guard first.place <= streamTime - wait || held.count > maxRecords ?? .max else { break }
            held.removeFirst()
            if !first.isDeletion || !dropsDeletions { told.append(first.text) }
        }
        return told
    }

    /// Takes an update of a window, whose key is written with these times.
    mutating func process(_ update: WindowedUpdate, key: String, _ times: Int64...) -> [String] {
        let bytes = Array(key.utf8) + times.flatMap { withUnsafeBytes(of: $0.bigEndian) { Array($0) } }
        return process(
            key: bytes, place: update.end, time: update.time, text: update.text, isDeletion: update.value == nil)
    }
}
