//! Functions that are not `async` and return a future all the same.

use syn::{
    Block, Expr, ExprAsync, GenericArgument, PathArguments, PathSegment, ReturnType, Stmt, Type,
    TypeParamBound,
};

/// A future that is returned.
pub(crate) struct Returned {
    /// What it comes to.
    pub(crate) output: Type,
    pub(crate) is_boxed: bool,
}

impl Returned {
    /// The future of a function with this return type: `impl Future<Output = T>`, `Pin<Box<dyn Future<Output = T>>>` or
    /// a `BoxFuture`.
    pub(crate) fn of(returned: &ReturnType) -> Option<Self> {
        let ReturnType::Type(_, returned) = returned else {
            return None;
        };
        let (output, is_boxed) = match returned.as_ref() {
            Type::ImplTrait(hidden) => (output_of(hidden.bounds.iter())?, false),
            Type::Path(path) => (boxed(path.path.segments.last()?)?, true),
            _ => return None,
        };
        Some(Self { output, is_boxed })
    }
}

/// What the future comes to that is in a pinned box.
fn boxed(segment: &PathSegment) -> Option<Type> {
    let inner = last_type(segment)?;
    match segment.ident.to_string().as_str() {
        "BoxFuture" | "LocalBoxFuture" => Some(inner.clone()),
        "Pin" => match inner {
            Type::Path(path) => {
                let boxed = path
                    .path
                    .segments
                    .last()
                    .filter(|segment| segment.ident == "Box")?;
                match last_type(boxed)? {
                    Type::TraitObject(object) => output_of(object.bounds.iter()),
                    _ => None,
                }
            }
            _ => None,
        },
        _ => None,
    }
}

fn last_type(segment: &PathSegment) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    arguments.args.iter().rev().find_map(|argument| match argument {
        GenericArgument::Type(inner) => Some(inner),
        _ => None,
    })
}

/// `T` of the bound `Future<Output = T>`.
fn output_of<'b>(bounds: impl Iterator<Item = &'b TypeParamBound>) -> Option<Type> {
    let mut segments = bounds.filter_map(|bound| match bound {
        TypeParamBound::Trait(bound) => bound.path.segments.last(),
        _ => None,
    });
    let future = segments.find(|segment| segment.ident == "Future")?;
    let PathArguments::AngleBracketed(arguments) = &future.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::AssocType(output) if output.ident == "Output" => Some(output.ty.clone()),
        _ => None,
    })
}

/// The async block at the end of a function's block, itself or as `Box::pin(async move { ... })`.
pub(crate) fn async_block(block: &mut Block) -> Option<&mut ExprAsync> {
    match block.stmts.last_mut()? {
        Stmt::Expr(Expr::Async(async_block), None) => Some(async_block),
        Stmt::Expr(Expr::Call(call), None) => {
            let Expr::Path(function) = call.func.as_ref() else {
                return None;
            };
            let is_pin = function
                .path
                .segments
                .last()
                .is_some_and(|segment| segment.ident == "pin");
            match call.args.first_mut() {
                Some(Expr::Async(async_block)) if is_pin => Some(async_block),
                _ => None,
            }
        }
        _ => None,
    }
}
