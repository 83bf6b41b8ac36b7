using System.CommandLine;
using HostAgent.Cli;
using HostAgent.Documents;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.Texts;

namespace HostAgent.Failback.Estates;

/// <summary>The estate that a command is about.</summary>
internal static class EstateFile
{
    public static Argument<string> Argument() => new("ESTATE") { Description = "The document of the simulated hosts, YAML or JSON." };

    /// <summary>Reads an estate.</summary>
    /// <exception cref="CommandException">It cannot be read; there is a line for each error.</exception>
    public static async Task<Estate> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return EstateDocument.Parse(await TextFile.ReadAsync(path, cancellationToken), path).Require();
        }
        catch (DocumentException exception)
        {
            throw new CommandException(ExitCode.Invalid, [.. exception.Errors.Select(error => error.Format(path))]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotTextException)
        {
            throw new CommandException(ExitCode.Failed, $"Reading the estate {path} failed: {exception.Message}");
        }
    }
}
