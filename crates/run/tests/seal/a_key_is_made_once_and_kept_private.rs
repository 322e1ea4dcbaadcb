use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use telensic_run::{PublicKey, SigningKey};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn the_first_use_makes_a_private_key_and_its_public_half() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("config/telensic/seal.key");
    let made = SigningKey::load_or_create_at(&path).unwrap();
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    let again = SigningKey::load_or_create_at(&path).unwrap();
    assert_eq!(made.public_key(), again.public_key());

    let public = path.with_file_name("seal.pub");
    assert_eq!(PublicKey::read(&public).unwrap(), made.public_key());
    assert_eq!(
        PublicKey::named(public.to_str().unwrap()).unwrap(),
        made.public_key()
    );
    let text = made.public_key().to_string();
    assert_eq!(PublicKey::named(&text.to_uppercase()).unwrap(), made.public_key());
    assert!(
        !format!("{made:?}").contains(
            fs::read_to_string(&path)
                .unwrap()
                .split(' ')
                .nth(1)
                .unwrap()
                .trim()
        )
    );
}

#[test]
fn a_key_that_others_can_read_is_refused_with_the_mend() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("seal.key");
    SigningKey::load_or_create_at(&path).unwrap();
    for exposed in [0o644, 0o640, 0o602] {
        fs::set_permissions(&path, Permissions::from_mode(exposed)).unwrap();
        let error = SigningKey::load_or_create_at(&path).unwrap_err().to_string();
        assert!(
            error.contains("open to others") && error.contains("chmod 600"),
            "{error}"
        );
    }
}

#[test]
fn foreign_bytes_are_never_taken_for_a_key_nor_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("seal.key");
    let good = {
        SigningKey::load_or_create_at(&path).unwrap();
        fs::read(&path).unwrap()
    };
    let mut cases: Vec<Vec<u8>> = (0..good.len()).map(|len| good[..len].to_vec()).collect();
    cases.push(b"-----BEGIN OPENSSH PRIVATE KEY-----\n".to_vec());
    cases.push(vec![0xff; 97]);
    cases.push([good.as_slice(), b"\n"].concat());
    cases.push(good.to_ascii_uppercase());
    for bytes in cases {
        fs::write(&path, &bytes).unwrap();
        let error = SigningKey::load_or_create_at(&path).unwrap_err().to_string();
        assert!(error.contains("is no sealing key"), "{error}");
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert!(SigningKey::load_or_create_at(&path).is_err());
}

#[test]
fn what_is_no_public_key_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    // The second one is the neutral point, by which anything would be signed.
    let neutral = format!("01{}", "00".repeat(31));
    for text in ["", "abc", neutral.as_str(), &"zz".repeat(32), "/no/such/file"] {
        assert!(PublicKey::named(text).is_err(), "{text}");
    }
    let file = dir.path().join("seal.pub");
    fs::write(&file, [0xff, 0xfe]).unwrap();
    assert!(PublicKey::read(&file).is_err());
}

#[test]
fn threads_that_need_a_key_at_once_get_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("seal.key");
    let keys: Vec<PublicKey> = std::thread::scope(|scope| {
        let make = || SigningKey::load_or_create_at(&path).unwrap().public_key();
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(make)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(keys.iter().all(|key| *key == keys[0]));
}
