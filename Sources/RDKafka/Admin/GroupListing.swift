/// A consumer group in a list of all.
package struct GroupListing: Sendable {
    package var groupID: String
    package var state: GroupState
    /// Has committed offsets but never had members.
    package var isSimple: Bool
}
