/// The topic through which a stream goes to joins by its changed keys, for the next join of the same stream.
struct JoinRepartition<Key, Value> {
    let upstream: Upstream<Key?, Value?>
    let nullKeys: NullKeys
}
