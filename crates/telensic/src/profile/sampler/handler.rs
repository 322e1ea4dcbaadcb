//! The handler of SIGPROF: the only unsafe code outside the tape and the Python boundary (`docs/adr/011-the-handler-copies.md`).
//!
//! Invariant: it is installed once and stays, so that a signal that arrives late finds it and not the default, which would end the
//! process. Another's handler is never replaced.

use std::mem::MaybeUninit;
use std::ptr;

use libc::{c_int, c_void, sigaction, siginfo_t, ucontext_t};
use nix::errno::Errno;

use super::shelf::{self, Registers};

/// Whose signal SIGPROF is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    Nobody,
    Us,
    Another,
}

/// Takes the signal if it is nobody's; whose it was.
pub(super) fn install() -> Result<Owner, Errno> {
    let owner = owner()?;
    if owner != Owner::Nobody {
        return Ok(owner);
    }
    // SAFETY: all zeros are a valid `sigaction`: the default action, no flags, no signal blocked.
    #[expect(unsafe_code, reason = "a struct of the C library has no other beginning")]
    let mut action: sigaction = unsafe { MaybeUninit::zeroed().assume_init() };
    action.sa_sigaction = on_sigprof as *const () as usize;
    // On the other stack where a thread has one: the own may be nearly used up, or a small one of a coroutine.
    action.sa_flags = libc::SA_SIGINFO | libc::SA_RESTART | libc::SA_ONSTACK;
    // SAFETY: the action is a whole one, and its handler may be called at any moment from now on, on any thread: it uses
    // nothing but what is made before a timer is.
    #[expect(unsafe_code, reason = "no crate offers a handler that sees registers")]
    let result = unsafe { sigaction(libc::SIGPROF, &raw const action, ptr::null_mut()) };
    Errno::result(result).map(|_| owner)
}

/// Whose signal SIGPROF is at present.
pub(super) fn owner() -> Result<Owner, Errno> {
    let mut present = MaybeUninit::<sigaction>::uninit();
    // SAFETY: nothing is changed, and the present action is written to where there is room for one.
    #[expect(unsafe_code, reason = "what is in force can be asked of the C library alone")]
    let result = unsafe { sigaction(libc::SIGPROF, ptr::null(), present.as_mut_ptr()) };
    Errno::result(result)?;
    // SAFETY: the call succeeded, so it was written.
    #[expect(unsafe_code, reason = "as above")]
    let present = unsafe { present.assume_init() };
    Ok(match present.sa_sigaction {
        libc::SIG_DFL | libc::SIG_IGN => Owner::Nobody,
        ours if ours == on_sigprof as *const () as usize => Owner::Us,
        _ => Owner::Another,
    })
}

/// Runs on the thread whose timer went off, between any two of its instructions.
extern "C" fn on_sigprof(_signal: c_int, _info: *mut siginfo_t, context: *mut c_void) {
    let errno = Errno::last_raw();
    // SAFETY: with SA_SIGINFO the kernel hands over the interrupted context, which is ours until we return.
    #[expect(unsafe_code, reason = "the registers are known by this pointer alone")]
    let context = unsafe { context.cast::<ucontext_t>().as_ref() };
    if let Some(context) = context {
        shelf::put(registers(context));
    }
    Errno::set_raw(errno);
}

#[cfg(target_arch = "x86_64")]
fn registers(context: &ucontext_t) -> Registers {
    let register = |number: c_int| context.uc_mcontext.gregs[number as usize] as u64;
    Registers {
        instruction: register(libc::REG_RIP),
        stack: register(libc::REG_RSP),
        frame: register(libc::REG_RBP),
    }
}

#[cfg(target_arch = "aarch64")]
fn registers(context: &ucontext_t) -> Registers {
    let machine = &context.uc_mcontext;
    Registers {
        instruction: machine.pc,
        stack: machine.sp,
        frame: machine.regs[29],
        link: machine.regs[30],
    }
}
