//! Hash tables of what is looked up for each of a million rows. Each process hashes in its own way,
//! so that nobody can write a file whose texts all fall together.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

/// A table of values by key.
pub(crate) type Map<K, V> = HashMap<K, V, RandomState>;

/// A set.
pub(crate) type Set<T> = HashSet<T, RandomState>;
