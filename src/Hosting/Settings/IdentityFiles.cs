using HostAgent.Transport;
using HostAgent.Transport.Tls;
using Microsoft.Extensions.Options;

namespace HostAgent.Hosting.Settings;

/// <summary>Loads the certificate, the key and the authority that the settings name.</summary>
public static class IdentityFiles
{
    /// <summary>Loads them.</summary>
    /// <param name="files">Where they are.</param>
    /// <param name="time">The clock by which validity periods are judged.</param>
    /// <param name="section">The section of the settings.</param>
    /// <param name="errors">Receives one line for each error.</param>
    /// <returns>The identity; null when there are errors.</returns>
    public static MutualTlsIdentity? TryLoad(MutualTlsOptions files, TimeProvider time, string section, List<string> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        try
        {
            return MutualTlsIdentity.Load(files, time, section);
        }
        catch (OptionsValidationException exception)
        {
            errors.AddRange(exception.Failures);
            return null;
        }
    }
}
