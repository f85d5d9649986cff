/// A fed record is a number; everything about it follows from the number, so that the number of fed records is the whole model.
///
/// Groups and long keys are bound to the partition that the number was fed to. So what the application repartitions by them comes
/// in the order of the numbers, and sums that depend on the order are exact.
enum Event {
    private static let groups: Int64 = 40
    private static let longKeys: Int64 = 30

    static func partition(of number: Int64) -> Int32 { Int32(number % Int64(ReferenceTopics.partitions)) }
    static func key(of number: Int64) -> String { "e\(number)" }
    static func isAnswered(_ number: Int64) -> Bool { number / 3 % 4 == 0 }

    static func group(of number: Int64) -> String { "g\(partition(of: number))-\(number / 5 % groups)" }

    /// Every 41st number also goes to a store of large values; half of its keys differ only behind what LMDB can hold of a key.
    static func isLarge(_ number: Int64) -> Bool { number % 41 == 0 }

    static func longKey(of number: Int64) -> String {
        let index = number / 41 % longKeys
        let name = "\(partition(of: number))/\(index)"
        let filler = String(repeating: "x", count: 600 + Int(index) * 40)
        return index % 2 == 0 ? filler + name : name + filler
    }

    /// The sum of a group: it depends on the order, and now and then it is deleted. A first number is taken as it is.
    static func sum(_ old: Int64, _ number: Int64) -> Int64? {
        number % 97 == 0 ? nil : old &* 31 &+ number
    }

    /// What the store of large values holds of a key: how many numbers, the last one, and up to 40 KB of it.
    static func large(_ old: [UInt8], _ number: Int64) -> [UInt8] {
        let count = (old.isEmpty ? 0 : BigEndian.int64(old[..<8])) + 1
        let filler = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: Int(number &* 7_919 % 40_000))
        return BigEndian.bytes(count) + BigEndian.bytes(number) + filler
    }
}
