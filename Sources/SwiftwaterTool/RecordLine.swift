/// How a line of input becomes a key and a value.
struct RecordLine {
    var separator: [UInt8]?
    /// A key or value that reads so is Kafka's null.
    var nullMarker: [UInt8]?

    /// Nil if a separator is asked for and the line has none.
    func parse(_ line: [UInt8]) -> (key: [UInt8]?, value: [UInt8]?)? {
        guard let separator, let first = separator.first else { return (nil, unlessNull(line)) }
        var index = line.startIndex
        while let found = line[index...].firstIndex(of: first) {
            if line[found...].starts(with: separator) {
                return (unlessNull(Array(line[..<found])), unlessNull(Array(line[(found + separator.count)...])))
            }
            index = found + 1
        }
        return nil
    }

    private func unlessNull(_ bytes: [UInt8]) -> [UInt8]? {
        bytes == nullMarker ? nil : bytes
    }
}
