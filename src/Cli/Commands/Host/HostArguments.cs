using System.CommandLine;

namespace HostAgent.Cli.Commands.Host;

/// <summary>Arguments that several host commands share. Each call makes a new one.</summary>
internal static class HostArguments
{
    /// <summary>The host.</summary>
    public static Argument<string> Host() => new("HOST") { Description = "The host: hv-west-01 or hosts/hv-west-01." };
}
