namespace HostAgent.HyperV.Simulation;

/// <summary>A state file cannot be used: it is served by another process, damaged, or tells the past of another host. The message is one line.</summary>
public sealed class StateFileException : IOException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">One line that names the file and what is wrong with it.</param>
    /// <param name="innerException">The file system's own exception, where there is one.</param>
    public StateFileException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
