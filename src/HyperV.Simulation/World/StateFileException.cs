namespace HostAgent.HyperV.Simulation.World;

/// <summary>A state file cannot be used: another process serves it, it is damaged, or it belongs to another host. The message is one line.</summary>
public sealed class StateFileException : IOException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">One line that names the file and what is wrong with it.</param>
    /// <param name="innerException">The file system's own exception, if any.</param>
    public StateFileException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
