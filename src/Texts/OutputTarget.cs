using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace HostAgent.Texts;

/// <summary>Where the content of an output file goes first, and how it comes to its place.</summary>
internal sealed class OutputTarget
{
    private readonly OutputFileOptions _options;
    private readonly FileKind? _existing;
    private string? _unfinished;

    private OutputTarget(string path, FileKind? existing, OutputFileOptions options)
    {
        Path = path;
        _existing = existing;
        _options = options;
    }

    /// <summary>The file behind all symbolic links.</summary>
    public string Path { get; }

    private bool IsWrittenThrough => _existing is { IsPlain: false };

    /// <summary>Looks at what the name leads to.</summary>
    public static OutputTarget Find(string path, string what, OutputFileOptions options)
    {
        try
        {
            if (path.Length == 0)
            {
                throw new OutputFileException("''", what, "the name is empty");
            }

            if (Directory.Exists(path))
            {
                throw new OutputFileException(path, what, "it is a directory");
            }

            var existing = FileKind.Of(path);
            if (existing is { IsPlain: false })
            {
                // Opened by the name that was given: the kernel follows names such as /dev/stdout where no path leads.
                return new OutputTarget(path, existing, options);
            }

            var named = new FileInfo(path);
            var target = named.LinkTarget is null ? named.FullName : named.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
            return Directory.Exists(System.IO.Path.GetDirectoryName(target))
                ? new OutputTarget(target, existing, options)
                : throw new OutputFileException(path, what, $"the directory '{System.IO.Path.GetDirectoryName(target)}' does not exist");
        }
        catch (Exception exception) when (exception is not OutputFileException && FileFailure.IsOne(exception))
        {
            throw new OutputFileException(path, what, FileFailure.Reason(exception, path), exception);
        }
    }

    /// <summary>How a file is made that must not be there yet; a link planted in its place is not followed.</summary>
    public static FileStreamOptions NewFile(UnixFileMode mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        return options;
    }

    /// <summary>Opens what is written to.</summary>
    public FileStream Open()
    {
        if (IsWrittenThrough)
        {
            return new FileStream(Path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Write, Share = FileShare.ReadWrite, BufferSize = 0 });
        }

        // In the same directory, so that one rename replaces the file. A random name cannot be predicted.
        var unfinished = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, $".failback-{RandomNumberGenerator.GetHexString(16, lowercase: true)}.tmp");
        var file = new FileStream(unfinished, NewFile(OutputFileOptions.Secret.Mode));
        _unfinished = unfinished;
        return file;
    }

    /// <summary>Brings a plain file to the disk, so that a crash right after it leaves the old file or the new one.</summary>
    public void Flush(FileStream file) => file.Flush(flushToDisk: !IsWrittenThrough);

    /// <inheritdoc cref="Flush(FileStream)"/>
    public void Flush(Stream file) => Flush((FileStream)file);

    /// <summary>Puts what was written in its place.</summary>
    public void Keep()
    {
        if (_unfinished is null)
        {
            return;
        }

        if (!OperatingSystem.IsWindows())
        {
            _existing?.GiveOwner(_unfinished);
            File.SetUnixFileMode(_unfinished, _options.KeepsMode && File.Exists(Path) ? File.GetUnixFileMode(Path) : _options.Mode);
        }

        File.Move(_unfinished, Path, overwrite: true);
        _unfinished = null;
    }

    /// <summary>Leaves nothing half-written behind.</summary>
    public void RemoveUnfinished()
    {
        if (_unfinished is not null)
        {
            File.Delete(_unfinished);
        }
    }
}

/// <summary>
/// What a name leads to, behind all symbolic links, and whose it is. .NET reports neither, so Linux is asked; elsewhere everything that
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
            // Only root can change the owner; anybody else replaces their own files, and nothing changes.
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

/// <summary>What the system says against a file, in words that need no path: the sentence around them has it.</summary>
internal static class FileFailure
{
    private const int NoSpace = 28;
    private const int BrokenPipe = 32;

    public static bool IsOne(Exception failure) => failure is IOException or UnauthorizedAccessException or NotSupportedException;

    public static string Reason(Exception failure, string path) => failure switch
    {
        OutputFileException => failure.Message,
        DirectoryNotFoundException => "its directory does not exist",
        UnauthorizedAccessException => Directory.Exists(path) ? "it is a directory" : "access is denied",
        PathTooLongException => "its name is too long",
        // On Unix HResult is the system's own number.
        IOException { HResult: NoSpace } => "the disk is full",
        IOException { HResult: BrokenPipe } => "its reader has gone",
        _ => Bare(failure.Message, path),
    };

    // ".NET says: No space left on device : '/the/path'".
    private static string Bare(string message, string path)
        => message.Replace($" : '{path}'", string.Empty, StringComparison.Ordinal).TrimEnd('.', ' ');
}
