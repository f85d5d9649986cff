/// What a write does about the key that is, or is not, there.
package enum WriteMode: Sendable {
    case upsert
    /// Fails with `keyExists` when the key is there.
    case insert
    /// The key is above all others, else `keyExists`; pages are filled to the brim and no place is searched.
    case append
}
