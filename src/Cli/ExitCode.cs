namespace HostAgent.Cli;

/// <summary>The exit codes of the process.</summary>
internal static class ExitCode
{
    /// <summary>The command did what it was asked; a watched campaign is COMPLETED.</summary>
    public const int Success = 0;

    /// <summary>
    /// The subject of the command failed: a campaign that ended other than COMPLETED, or without machines that its document asks for and whose absence
    /// was not accepted; or a request that was refused.
    /// </summary>
    public const int Failed = 1;

    /// <summary>The command line, a setting or a document is not valid.</summary>
    public const int Invalid = 2;

    /// <summary>The coordinator could not be reached, or does not allow it.</summary>
    public const int Unreachable = 3;

    /// <summary>Ended by Ctrl-C or SIGTERM.</summary>
    public const int Interrupted = 130;

    public const string Help =
        """
        Exit codes:
          0    done; a campaign that was watched is COMPLETED
          1    the campaign ended other than COMPLETED, or lacks machines that were asked for
               (unless --accept-warnings), or the request was refused
          2    the command line, a setting or a document is not valid
          3    the coordinator cannot be reached or does not allow it
          130  interrupted (Ctrl-C); the campaign continues
        """;
}
