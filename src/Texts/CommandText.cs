namespace HostAgent.Texts;

/// <summary>What is put into a command that a person is told to type.</summary>
public static class CommandText
{
    /// <summary>
    /// A machine as a person types it: by its name where every shell takes that for one harmless word, otherwise by its id. Names may have spaces, and characters that a shell obeys.
    /// </summary>
    /// <param name="name">Its name; may be empty.</param>
    /// <param name="id">Its id.</param>
    /// <returns>One word.</returns>
    public static string Machine(string name, string id)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length > 0 && name[0] != '-' && name.All(one => char.IsAsciiLetterOrDigit(one) || one is '-' or '_' or '.') ? name : id;
    }
}
