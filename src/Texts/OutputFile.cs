namespace HostAgent.Texts;

/// <summary>
/// Writes files. A plain file is replaced only when all of its new content is on the disk, so that a truncated file never looks complete.
/// Symbolic links stay and lead to the new content. Devices and pipes are written to, never replaced. A file
/// that exists keeps its mode; a new one is for its owner only unless the options say otherwise.
/// </summary>
public static class OutputFile
{
    /// <summary>Writes a text as UTF-8.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What is written, for the error: <c>the report</c>.</param>
    /// <param name="text">The text.</param>
    /// <param name="options">How; null for <see cref="OutputFileOptions.Private"/>.</param>
    /// <exception cref="OutputFileException">It cannot be written.</exception>
    public static void Write(string path, string what, string text, OutputFileOptions? options = null)
    {
        var target = OutputTarget.Find(path, what, options ?? OutputFileOptions.Private);
        try
        {
            using (var file = target.Open())
            {
                file.Write(TextFile.Utf8.GetBytes(text));
                target.Flush(file);
            }

            target.Keep();
        }
        catch (Exception exception) when (FileFailure.IsOne(exception))
        {
            throw new OutputFileException(path, what, FileFailure.Reason(exception, target.Path), exception);
        }
        finally
        {
            target.RemoveUnfinished();
        }
    }

    /// <inheritdoc cref="Write(string, string, string, OutputFileOptions?)"/>
    /// <param name="path">The file.</param>
    /// <param name="what">What is written, for the error: <c>the report</c>.</param>
    /// <param name="text">The text.</param>
    /// <param name="cancellationToken">Gives up; the file is then as it was.</param>
    public static Task WriteAsync(string path, string what, string text, CancellationToken cancellationToken)
        => WriteAsync(path, what, async file => await file.WriteAsync(TextFile.Utf8.GetBytes(text), cancellationToken), cancellationToken);

    /// <summary>Writes whatever <paramref name="write"/> writes. When it throws, the file is as it was.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What is written, for the error: <c>the report</c>.</param>
    /// <param name="write">Writes it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OutputFileException">It cannot be written.</exception>
    public static async Task WriteAsync(string path, string what, Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        var target = OutputTarget.Find(path, what, OutputFileOptions.Private);
        try
        {
            // A pipe opens when a reader does; cancellation must not wait for that.
            await using (var file = await Task.Run(target.Open, cancellationToken).WaitAsync(cancellationToken))
            {
                await write(file);
                target.Flush(file);
            }

            target.Keep();
        }
        catch (Exception exception) when (FileFailure.IsOne(exception))
        {
            throw new OutputFileException(path, what, FileFailure.Reason(exception, target.Path), exception);
        }
        finally
        {
            target.RemoveUnfinished();
        }
    }

    /// <summary>Starts a log for its owner alone; the one kind of file that is read while it grows. A file of that name is replaced.</summary>
    /// <param name="path">The file.</param>
    /// <returns>A writer that holds nothing back.</returns>
    /// <exception cref="OutputFileException">It cannot be written.</exception>
    public static TextWriter StartLog(string path)
    {
        try
        {
            File.Delete(path);
            return new StreamWriter(new FileStream(path, OutputTarget.NewFile(OutputFileOptions.Private.Mode)), TextFile.Utf8) { AutoFlush = true, NewLine = "\n" };
        }
        catch (Exception exception) when (FileFailure.IsOne(exception))
        {
            throw new OutputFileException(path, "the log", FileFailure.Reason(exception, path), exception);
        }
    }
}

/// <summary>Who may read a file that is written. Windows has no modes; there the access list of the directory applies.</summary>
/// <param name="Mode">The mode of a new file.</param>
/// <param name="KeepsMode">Whether a file that exists keeps its own mode.</param>
public sealed record OutputFileOptions(UnixFileMode Mode, bool KeepsMode)
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>For the owner only, such as reports, audits and settings: they name machines and people.</summary>
    public static OutputFileOptions Private { get; } = new(Owner, KeepsMode: true);

    /// <summary>For its owner alone, whatever the file was before: keys.</summary>
    public static OutputFileOptions Secret { get; } = new(Owner, KeepsMode: false);

    /// <summary>For everybody to read: certificates.</summary>
    public static OutputFileOptions Public { get; } = new(Owner | UnixFileMode.GroupRead | UnixFileMode.OtherRead, KeepsMode: true);
}

/// <summary>A file cannot be written; what was there before is as it was. The message is one sentence that names file and reason.</summary>
public sealed class OutputFileException : IOException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What should be written, for example <c>the report</c>.</param>
    /// <param name="reason">Why it cannot be, without its full stop.</param>
    /// <param name="cause">The system's exception; null when there is none.</param>
    public OutputFileException(string path, string what, string reason, Exception? cause = null)
        : base($"{path}: {what} cannot be written: {reason}.", cause)
    {
    }
}
