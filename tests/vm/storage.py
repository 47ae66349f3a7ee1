# SPDX-License-Identifier: GPL-2.0-or-later
"""What a scenario's target lies on when it is more than a disk with a file system: made
inside the guest, by the tools that make it on real machines.

The shell texts run in the guest's first kernel, in both boots after "open" or "make";
$D1, $D2 … are the disks, $UUID is the UUID file systems get.
"""

import dataclasses
from dataclasses import dataclass

MKFS = "mkfs.ext4 -q -F -U $UUID -E nodiscard"


@dataclass
class Storage:
    """@make: makes it, in boot 1, up to a block device or a mounted /target; @open:
    brings it up again in boot 2; @mount: mounts it on /target; @config: kdump.conf's
    target line, "" when path alone says it; @path: its path; @disks: how many;
    @programs, @modules: what the guest needs; @offered: modules kdumpd may want; @perhaps:
    modules of kernels that have them;
    @colons: whether a file's name may have them."""
    make: str
    open: str = ""
    mount: str = "mount $DEVICE /target"
    config: str = "ext4 $DEVICE"
    path: str = "/var/crash"
    disks: int = 1
    programs: tuple = ("/sbin/mkfs.ext4",)
    modules: tuple = ()
    offered: tuple = ()
    perhaps: tuple = ()
    bus: str = "virtio"
    colons: bool = True


def lvm(create, disks=2, modules=(), offered=()):
    """A volume group on whole disks; @create: options of lvcreate."""
    pvs = " ".join(f"$D{i + 1}" for i in range(disks))
    return Storage(
        make=f"pvcreate -q -ff -y {pvs}; vgcreate -q vg {pvs}\n"
             f"lvcreate -q -y -Wn -Zn -n crash {create} vg\n"
             f"DEVICE=/dev/mapper/vg-crash; {MKFS} $DEVICE",
        open="vgchange -q -ay vg; DEVICE=/dev/mapper/vg-crash",
        disks=disks, modules=("dm-mod", *modules), offered=offered,
        programs=("/sbin/mkfs.ext4", "/sbin/lvm"))


def raid(level, disks=2, metadata="1.2", module=None):
    names = " ".join(f"$D{i + 1}" for i in range(disks))
    return Storage(
        make=f"mdadm --create /dev/md127 --run --quiet --assume-clean --level={level} "
             f"--metadata={metadata} --raid-devices={disks} {names}\n"
             f"DEVICE=/dev/md127; {MKFS} $DEVICE",
        open=f"mdadm --assemble --run --quiet /dev/md127 {names}; DEVICE=/dev/md127",
        disks=disks, modules=(module or f"raid{level}",),
        programs=("/sbin/mkfs.ext4", "/sbin/mdadm"))


def partition(tag):
    line = "label: gpt\nsize=10M\nsize=500M, name=crash, " \
        "uuid=6b64756d-7064-4744-8e3c-7465737400bb\n"
    names = {"PARTUUID": "PARTUUID=6b64756d-7064-4744-8e3c-7465737400bb",
             "PARTLABEL": "PARTLABEL=crash"}
    return Storage(
        make=f"printf '{line}' | sfdisk -q $D1; DEVICE=${{D1}}2; {MKFS} $DEVICE",
        open="DEVICE=${D1}2", config="ext4 " + names[tag],
        programs=("/sbin/mkfs.ext4", "/sbin/sfdisk"))


BTRFS = """mkfs.btrfs -q -f -U $UUID $D1; mkdir -p /top; mount $D1 /top
btrfs -q subvolume create /top/@crash; umount /top; DEVICE=$D1"""

STORAGES = {
    "ext2": Storage("mkfs.ext2 -q -F -U $UUID $D1; DEVICE=$D1", "DEVICE=$D1",
                    config="ext2 UUID=$UUID", programs=("/sbin/mkfs.ext2",)),
    "ext3": Storage("mkfs.ext3 -q -F -U $UUID $D1; DEVICE=$D1", "DEVICE=$D1",
                    config="ext3 UUID=$UUID", programs=("/sbin/mkfs.ext3",)),
    # the path decides, and lies in a subvolume
    "btrfs": Storage(BTRFS, "DEVICE=$D1", "mount -o subvol=@crash $DEVICE /target",
                     config="", path="/target/var/crash", modules=("btrfs",),
                     programs=("/sbin/mkfs.btrfs", "/bin/btrfs")),
    "btrfs-named": Storage("mkfs.btrfs -q -f -U $UUID $D1; DEVICE=$D1", "DEVICE=$D1",
                           config="btrfs UUID=$UUID", modules=("btrfs",),
                           programs=("/sbin/mkfs.btrfs",)),
    "btrfs-two-disks": Storage("mkfs.btrfs -q -f -d single -U $UUID $D1 $D2\n"
                               "btrfs device scan; DEVICE=$D1",
                               "btrfs device scan; DEVICE=$D1", disks=2,
                               config="btrfs UUID=$UUID", modules=("btrfs",),
                               programs=("/sbin/mkfs.btrfs", "/bin/btrfs")),
    "vfat": Storage("mkfs.vfat --mbr=no -F 32 -n CRASH -i 6b64756d $D1; DEVICE=$D1", "DEVICE=$D1",
                    "mount -o fmask=0177,dmask=0077 $DEVICE /target",
                    config="vfat LABEL=CRASH", modules=("vfat", "nls_cp437", "nls_ascii"),
                    offered=("nls_iso8859_1", "nls_utf8"),
                    programs=("/sbin/mkfs.vfat",), colons=False),
    "partuuid": partition("PARTUUID"),
    "partlabel": partition("PARTLABEL"),
    "lvm": lvm("-l 100%FREE"),
    "lvm-striped": lvm("--type striped -i 2 -l 100%FREE"),
    "lvm-raid1": lvm("--type raid1 -m 1 --nosync -l 80%FREE",
                     modules=("dm-raid", "raid1")),
    "lvm-mirror": lvm("--type mirror -m 1 --nosync --mirrorlog core -l 80%FREE",
                      modules=("dm-mirror",)),
    "lvm-thin": lvm("--type thin --thinpool pool -V 600M -L 500M",
                    modules=("dm-thin-pool",)),
    "md-raid0": raid(0),
    "md-raid1": raid(1),
    "md-raid1-1.0": raid(1, metadata="1.0"),
    "md-raid1-0.90": raid(1, metadata="0.90"),
    "md-raid5": raid(5, disks=3, module="raid456"),
    "md-raid10": raid(10, disks=4),
    # a partition in an array on partitions, a volume group on it
    "stack": Storage(
        make="for d in $D1 $D2; do printf 'label: gpt\\n,\\n' | sfdisk -q $d; done\n"
             "mdadm --create /dev/md127 --run --quiet --assume-clean --level=1 "
             "--metadata=1.2 --raid-devices=2 ${D1}1 ${D2}1\n"
             "pvcreate -q -ff -y /dev/md127; vgcreate -q vg /dev/md127\n"
             "lvcreate -q -y -Wn -Zn -n crash -l 90%FREE vg\n"
             f"DEVICE=/dev/mapper/vg-crash; {MKFS} $DEVICE",
        open="mdadm --assemble --run --quiet /dev/md127 ${D1}1 ${D2}1\n"
             "vgchange -q -ay vg; DEVICE=/dev/mapper/vg-crash",
        disks=2, modules=("raid1", "dm-mod"),
        programs=("/sbin/mkfs.ext4", "/sbin/lvm", "/sbin/mdadm", "/sbin/sfdisk")),
    # boot 2 finds one member without its superblock
    "md-degraded": dataclasses.replace(
        raid(1), open="mdadm --assemble --run --quiet /dev/md127 $D1\n"
                      "DEVICE=/dev/md127"),
    "lvm-thin-full": lvm("--type thin --thinpool pool -V 400M -L 100M",
                         modules=("dm-thin-pool",)),
    # its dumps come to /target in boot 2
    "raw": Storage(
        make="report setup-raw kdumpctl setup-raw $D1",
        mount="mount -t tmpfs target /target; tar -x -f /earlier.tar -C /target\n"
              "[ $boot = 1 ] || report recover kdumpctl recover",
        config="raw $D1", path="/target/var/crash", programs=()),
    "virtiofs": Storage("DEVICE=crashes", "DEVICE=crashes",
                        "mount -t virtiofs $DEVICE /target", config="virtiofs $DEVICE",
                        disks=0, programs=(), modules=("virtiofs",), bus="virtiofs"),
    "9p": Storage("DEVICE=crashes", "DEVICE=crashes",
                  "mount -t 9p -o trans=virtio,version=9p2000.L $DEVICE /target",
                  config="9p $DEVICE", disks=0, programs=(),
                  modules=("9pnet_virtio", "9p"), bus="9p"),
    "luks": Storage(
        make="mount -t configfs config /sys/kernel/config; echo -n secret >/tmp/secret\n"
             "cryptsetup -q luksFormat --type luks1 --pbkdf-force-iterations 1000 "
             "--use-urandom $D1 /tmp/secret\n"
             "cryptsetup open --key-file /tmp/secret $D1 crash\n"
             f"DEVICE=/dev/mapper/crash; {MKFS} $DEVICE",
        open="mount -t configfs config /sys/kernel/config; echo -n secret >/tmp/secret\n"
             "cryptsetup open --key-file /tmp/secret $D1 crash\n"
             "DEVICE=/dev/mapper/crash",
        modules=("dm-crypt", "xts", "ecb", "algif_skcipher", "algif_hash"),
        perhaps=("sha256_generic",),
        offered=("configfs", "aesni_intel"),
        programs=("/sbin/mkfs.ext4", "/sbin/cryptsetup")),
    "multipath": Storage(
        make="size=$(blockdev --getsz $D1)\n"
             "dmsetup create mpath --uuid mpath-36b64756d70640001 --table \"0 $size "
             "multipath 1 queue_if_no_path 0 1 1 service-time 0 2 2 $D1 1 1 $D2 1 1\"\n"
             f"DEVICE=/dev/mapper/mpath; {MKFS} $DEVICE",
        open="size=$(blockdev --getsz $D1)\n"
             "dmsetup create mpath --table \"0 $size linear $D1 0\"\n"
             "DEVICE=/dev/mapper/mpath",
        disks=2, modules=("dm-multipath", "dm-service-time"), bus="paths",
        programs=("/sbin/mkfs.ext4", "/sbin/dmsetup")),
}
