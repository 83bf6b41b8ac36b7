using System.Runtime.InteropServices;

namespace HostAgent.Texts.Internal;

/// <summary>
/// What a name leads to, behind all symbolic links, and whose it is. .NET tells neither, so Linux is asked; elsewhere everything that
/// exists counts as plain.
/// </summary>
internal sealed partial class FileKind
{
    private const int CurrentDirectory = -100;
    private const uint TypeModeAndOwner = 0x1 | 0x2 | 0x8 | 0x10;
    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;

    private readonly uint? _user;
    private readonly uint? _group;

    private FileKind(bool isPlain, uint? user, uint? group)
    {
        IsPlain = isPlain;
        _user = user;
        _group = group;
    }

    /// <summary>Whether it is a file in the usual sense: no device, pipe or socket.</summary>
    public bool IsPlain { get; }

    /// <summary>Looks; null when there is nothing.</summary>
    public static FileKind? Of(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return File.Exists(path) ? new FileKind(isPlain: true, null, null) : null;
        }

        var found = default(Status);
        return Statx(CurrentDirectory, path, 0, TypeModeAndOwner, ref found) == 0
            ? new FileKind((found.Mode & TypeMask) == RegularFile, found.User, found.Group)
            : null;
    }

    /// <summary>Gives a file the same owner, as far as this process may.</summary>
    public void GiveOwner(string path)
    {
        if (_user is { } user && _group is { } group)
        {
            // Only root may give a file away; everybody else replaces files of their own, and nothing changes.
            _ = Chown(path, user, group);
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Statx(int directory, string path, int flags, uint mask, ref Status status);

    [LibraryImport("libc", EntryPoint = "chown", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Chown(string path, uint user, uint group);

    /// <summary>The part of Linux's struct statx that is asked for; it is the same on every processor.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(20)]
        public uint User;

        [FieldOffset(24)]
        public uint Group;

        [FieldOffset(28)]
        public ushort Mode;
    }
}
