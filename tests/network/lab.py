# SPDX-License-Identifier: GPL-2.0-or-later
"""A network of a test's own: a name space with a bridge, taps for the machine's NICs,
and real servers: OpenSSH's, nfs-ganesha with rpcbind, dnsmasq for DHCP and router
advertisements.  Nothing of it can be reached from outside; all ends with the test.
"""

import os
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SERVER, SERVER6 = "10.9.0.1", "fd09::1"
VLAN = 5

SSHD = """Port 22
HostKey {work}/hostkey
AuthorizedKeysFile {work}/authorized_keys
PidFile none
StrictModes no
UsePAM no
PermitRootLogin prohibit-password
PasswordAuthentication no
Subsystem sftp internal-sftp
ChrootDirectory {export}
ForceCommand internal-sftp
"""

# A grace period of none: no client of this server outlives it.
GANESHA = """NFS_CORE_PARAM {{
    NFS_Port = 2049; MNT_Port = 20048; Protocols = 3, 4;
    Enable_NLM = false; Enable_RQUOTA = false;
}}
NFSv4 {{
    Graceless = true; Lease_Lifetime = 10; Minor_Versions = {minor};
    RecoveryBackend = fs;
}}
EXPORT {{
    Export_Id = 1; Path = {export}; Pseudo = /crash; Access_Type = RW;
    Squash = No_Root_Squash; SecType = sys; Protocols = {protocols}; Transports = TCP;
    FSAL {{ Name = VFS; }}
}}
"""


class Lab:
    """Use in a "with" block.  @nics: how many the machine has; @export: the folder that
    servers show; @export_size: of a file system of its own, "" for none."""

    def __init__(self, name, work, nics=1, vlan=False, export_size=""):
        self.space = "kdump-" + name[-9:]
        self.work = work
        self.export = os.path.join(work, "export")
        self.nics = nics
        self.vlan = vlan
        self.export_size = export_size
        self.processes = {}

    def __enter__(self):
        os.makedirs(self.export)
        if self.export_size:
            run("mount", "-t", "tmpfs", "-o", "mode=755,size=" + self.export_size,
                "kdump-test", self.export)
        os.makedirs(os.path.join(self.export, "var/crash"))
        try:
            self._network()
        except Exception:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exc):
        for name in list(self.processes):
            self.stop(name)
        subprocess.run(["ip", "netns", "del", self.space], check=False)
        if self.export_size:
            subprocess.run(["umount", "-l", self.export], check=False)

    def _network(self):
        run("ip", "netns", "add", self.space)
        self.ip("link", "set", "lo", "up")
        for i in range(self.nics):
            self.ip("tuntap", "add", f"tap{i}", "mode", "tap")
            self.ip("link", "set", f"tap{i}", "up")
        if self.vlan:
            # the host may lack VLANs of its own: switch.py takes the tags off
            self.ip("link", "add", "server", "type", "veth", "peer", "name", "inside")
            self.ip("link", "set", "inside", "up")
            self.start("switch", [sys.executable, os.path.join(HERE, "switch.py"),
                                  "tap0", "inside", str(VLAN)])
        else:
            self.ip("link", "add", "server", "type", "bridge")
            for i in range(self.nics):
                self.ip("link", "set", f"tap{i}", "master", "server")
        self.ip("link", "set", "server", "up")
        self.ip("addr", "add", SERVER + "/24", "dev", "server")
        self.ip("addr", "add", SERVER6 + "/64", "dev", "server", "nodad")

    def ip(self, *words):
        run("ip", "-n", self.space, *words)

    def inside(self, *words):
        return ["ip", "netns", "exec", self.space, *words]

    def start(self, name, words, **options):
        log = open(os.path.join(self.work, name + ".log"), "w")
        self.processes[name] = subprocess.Popen(
            self.inside(*words), stdout=log, stderr=subprocess.STDOUT,
            start_new_session=True, **options)

    def stop(self, name):
        process = self.processes.pop(name)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGCONT)
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def ended(self, name, seconds):
        """Its exit status; None when it has not ended by then."""
        try:
            return self.processes[name].wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def freeze(self, name):
        os.killpg(self.processes[name].pid, signal.SIGSTOP)

    def qemu_words(self):
        words = []
        for i in range(self.nics):
            offload = ",csum=off,gso=off,guest_csum=off,guest_tso4=off,guest_tso6=off," \
                "guest_ecn=off,guest_ufo=off,mq=off" if self.vlan else ""
            words += ["-netdev", f"tap,id=n{i},ifname=tap{i},script=no,downscript=no",
                      "-device", f"virtio-net-pci,netdev=n{i},mac=52:54:00:09:00:{i:02x}"
                      + offload]
        return words

    def ssh_server(self):
        for name in ("hostkey", "key"):
            run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.file(name))
        os.rename(self.file("key.pub"), self.file("authorized_keys"))
        with open(self.file("sshd_config"), "w") as f:
            f.write(SSHD.format(work=self.work, export=self.export))
        self._sshd()

    def _sshd(self):
        command = f"mkdir -p /run/sshd; exec /usr/sbin/sshd -D -e -f {self.work}/sshd_config"
        self.start("sshd", ["unshare", "-m", "sh", "-c",
                            "mount -t tmpfs run /run; " + command])
        self.wait_for_port(22)

    def known_hosts(self, host, hashed):
        """As root's file has it after somebody accepted the server's key."""
        path = self.file("known_hosts")
        with open(self.file("hostkey.pub")) as f:
            kind, key = f.read().split()[:2]
        with open(path, "w") as f:
            f.write(f"other.example {kind} {key[:-4]}AAAA\n{host} {kind} {key}\n")
        if hashed:
            run("ssh-keygen", "-q", "-H", "-f", path)
        return path

    def change_host_key(self):
        self.stop("sshd")
        for name in ("hostkey", "hostkey.pub"):
            os.unlink(self.file(name))
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.file("hostkey"))
        self._sshd()

    def refuse_login(self):
        with open(self.file("authorized_keys"), "w"):
            pass

    def nfs_server(self, protocols="3, 4", minor="0, 1, 2"):
        config = self.file("ganesha.conf")
        with open(config, "w") as f:
            f.write(GANESHA.format(export=self.export, protocols=protocols, minor=minor))
        script = "mount -t tmpfs run /run; mkdir /run/rpcbind; " \
            "mount -t tmpfs lib /var/lib/nfs; mkdir /var/lib/nfs/ganesha; " \
            "rpcbind -f & sleep 1; " \
            f"exec ganesha.nfsd -F -f {config} -L {self.work}/ganesha.log -p /run/pid"
        self.start("nfs", ["unshare", "-m", "sh", "-c", script])
        self.wait_for_port(2049)
        self.wait_for_port(20048)

    def dhcp_server(self, mode):
        """@mode: v4, v6 (a lease) or ra (advertisements alone)."""
        ranges = {"v4": ["10.9.0.100,10.9.0.120,255.255.255.0,2m"],
                  "v6": ["fd09::100,fd09::120,64,2m"],
                  "ra": ["fd09::,ra-only,64,2m"]}[mode]
        words = [word for r in ranges for word in ("--dhcp-range", r)]
        if mode != "v4":
            words.append("--enable-ra")
        self.start("dnsmasq", [
            "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--port=0",
            "--interface=server", "--bind-interfaces", "--user=root", "--log-dhcp",
            "--pid-file", "--dhcp-leasefile=" + self.file("leases"), *words])

    def file(self, name):
        return os.path.join(self.work, name)

    def wait_for_port(self, port, seconds=30):
        for _ in range(seconds * 5):
            done = subprocess.run(self.inside("ss", "-Hltn", f"sport = :{port}"),
                                  capture_output=True, text=True, check=True)
            if done.stdout.strip():
                return
            time.sleep(0.2)
        raise TimeoutError(f"nobody listens on port {port}; logs: {self.work}")


def run(*words):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
