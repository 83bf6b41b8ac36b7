using HostAgent.Cli.Errors;

namespace HostAgent.Cli.Output;

/// <summary>Files that are whole or not there: what was cut off must not look like all of it.</summary>
internal static class WholeFile
{
    /// <summary>Writes beside the file, and puts what was written in its place when all of it is there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What is written, for the error: "the report".</param>
    /// <param name="write">Writes it.</param>
    /// <exception cref="CommandFailure">The file cannot be written.</exception>
    public static async Task ReplaceAsync(string path, string what, Func<Stream, Task> write)
    {
        var unfinished = path + ".part";
        try
        {
            await using (var file = File.Create(unfinished))
            {
                await write(file);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Failed, $"{path}: {what} cannot be written: {failure.Message}");
        }
        finally
        {
            if (File.Exists(unfinished))
            {
                File.Delete(unfinished);
            }
        }
    }
}
