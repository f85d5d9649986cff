/// A named database of one environment, open as long as the environment is.
///
/// There is no way to close or delete one: LMDB gives the slot to the next database, and a reader that began before sees that
/// one's data under the old handle. `WriteTransaction.removeAll(in:)` empties it.
package struct Database: Sendable, Hashable {
    package let name: String
    let index: UInt32
    let environment: ObjectIdentifier
}
