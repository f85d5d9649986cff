import Foundation

/// Compares bytes as unsigned numbers, the shorter first where one begins the other: the order of all stores (S-103).
package func compare(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
    let common = min(left.count, right.count)
    if common > 0, let leftBytes = left.baseAddress, let rightBytes = right.baseAddress {
        let result = memcmp(leftBytes, rightBytes, common)
        if result != 0 { return Int(result) }
    }
    return left.count - right.count
}

/// Whether two runs of bytes are the same.
package func equal(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
    guard left.count == right.count else { return false }
    guard let leftBytes = left.baseAddress, let rightBytes = right.baseAddress else { return true }
    return memcmp(leftBytes, rightBytes, left.count) == 0
}
