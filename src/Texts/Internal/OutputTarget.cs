using System.Security.Cryptography;

namespace HostAgent.Texts.Internal;

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
                throw new OutputFileException("''", what, "an empty name is no file");
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
        catch (Exception failure) when (failure is not OutputFileException && FileFailure.IsOne(failure))
        {
            throw new OutputFileException(path, what, FileFailure.Reason(failure, path), failure);
        }
    }

    /// <summary>How a file is made that must not be there yet; a link that somebody planted in its place is not followed.</summary>
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

        // In the same directory, or the file could not take the other's place in one step. A random name cannot be waited for.
        var unfinished = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, $".failback-{RandomNumberGenerator.GetHexString(16, lowercase: true)}.tmp");
        var file = new FileStream(unfinished, NewFile(OutputFileOptions.Secret.Mode));
        _unfinished = unfinished;
        return file;
    }

    /// <summary>Brings a plain file to the disk, so that a crash right after it leaves the former file or the new one.</summary>
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
