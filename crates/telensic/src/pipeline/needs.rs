//! Results: where a stage puts its own, and how another one gets it.

use std::fmt;
use std::sync::{Arc, OnceLock};

/// The result of a stage: there once the stage has ended well.
pub struct Handle<T> {
    stage: StageRef,
    slot: Arc<OnceLock<T>>,
}

/// Names a stage: its pipeline, and its place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StageRef {
    pub(super) pipeline: u64,
    pub(super) index: usize,
}

impl<T> Handle<T> {
    pub(super) fn of(stage: StageRef) -> Self {
        Self {
            stage,
            slot: Arc::default(),
        }
    }

    /// The result, if the stage has ended well.
    pub fn get(&self) -> Option<&T> {
        self.slot.get()
    }

    /// Puts the result in its place; of a stage that ends once there is one.
    pub(super) fn put(&self, result: T) {
        let _ = self.slot.set(result);
    }
}

impl<T> Clone for Handle<T> {
    fn clone(&self) -> Self {
        Self {
            stage: self.stage,
            slot: Arc::clone(&self.slot),
        }
    }
}

impl<T> fmt::Debug for Handle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle")
            .field("stage", &self.stage)
            .field("is_there", &self.slot.get().is_some())
            .finish()
    }
}

/// What a stage can need: a result, up to eight different ones, or any number of one type.
pub trait Needs {
    /// The same, kept until the stage runs.
    type Held: Held;

    /// Keeps it.
    fn hold(self) -> Self::Held;
}

/// Results that are needed, once they are there.
pub trait Held: Send + 'static {
    /// What the stage gets.
    type Given<'a>;

    /// The stages that they are of.
    fn stages(&self) -> Vec<StageRef>;

    /// The results, if all are there.
    fn given(&self) -> Option<Self::Given<'_>>;
}

impl<T: Send + Sync + 'static> Needs for &Handle<T> {
    type Held = Handle<T>;

    fn hold(self) -> Handle<T> {
        self.clone()
    }
}

impl<T: Send + Sync + 'static> Held for Handle<T> {
    type Given<'a> = &'a T;

    fn stages(&self) -> Vec<StageRef> {
        vec![self.stage]
    }

    fn given(&self) -> Option<&T> {
        self.get()
    }
}

impl<T: Send + Sync + 'static> Needs for &[Handle<T>] {
    type Held = Vec<Handle<T>>;

    fn hold(self) -> Vec<Handle<T>> {
        self.to_vec()
    }
}

impl<T: Send + Sync + 'static> Held for Vec<Handle<T>> {
    type Given<'a> = Vec<&'a T>;

    fn stages(&self) -> Vec<StageRef> {
        self.iter().map(|handle| handle.stage).collect()
    }

    fn given(&self) -> Option<Vec<&T>> {
        self.iter().map(Handle::get).collect()
    }
}

macro_rules! tuples {
    ($(($($name:ident)+))+) => {$(
        impl<$($name: Needs),+> Needs for ($($name,)+) {
            type Held = ($($name::Held,)+);

            #[expect(non_snake_case, reason = "a variable for each type")]
            fn hold(self) -> Self::Held {
                let ($($name,)+) = self;
                ($($name.hold(),)+)
            }
        }

        impl<$($name: Held),+> Held for ($($name,)+) {
            type Given<'a> = ($($name::Given<'a>,)+);

            #[expect(non_snake_case, reason = "a variable for each type")]
            fn stages(&self) -> Vec<StageRef> {
                let ($($name,)+) = self;
                let mut all = Vec::new();
                $(all.extend($name.stages());)+
                all
            }

            #[expect(non_snake_case, reason = "a variable for each type")]
            fn given(&self) -> Option<Self::Given<'_>> {
                let ($($name,)+) = self;
                Some(($($name.given()?,)+))
            }
        }
    )+};
}

tuples! {
    (A)
    (A B)
    (A B C)
    (A B C D)
    (A B C D E)
    (A B C D E F)
    (A B C D E F G)
    (A B C D E F G H)
}
