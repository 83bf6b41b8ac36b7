using HostAgent.Transport;
using Microsoft.Extensions.Options;

namespace HostAgent.Agent.Configuration;

/// <summary>Reads the settings and the certificates, and refuses to start with all that is wrong with them.</summary>
internal static class AgentConfiguration
{
    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="AgentStartException">At least one is wrong.</exception>
    public static AgentOptions Read(IConfiguration configuration)
    {
        AgentOptions options;
        try
        {
            options = configuration.GetSection(AgentOptions.Section).Get<AgentOptions>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new AgentOptions();
        }
        catch (InvalidOperationException e)
        {
            // The binder names the key, the value and the type that it should have.
            throw new AgentStartException([e.Message], e);
        }

        return AgentOptionsValidator.Validate(options) is { Count: > 0 } mistakes ? throw new AgentStartException(mistakes) : options;
    }

    /// <summary>Loads the agent's certificate, its key and the authority.</summary>
    /// <exception cref="AgentStartException">A file is missing, unreadable, or does not fit the others.</exception>
    public static MutualTlsIdentity LoadIdentity(AgentOptions options, TimeProvider time)
    {
        try
        {
            var paths = new MutualTlsOptions
            {
                CertificatePath = options.CertificatePath,
                PrivateKeyPath = options.PrivateKeyPath,
                AuthorityPath = options.AuthorityPath,
            };
            return MutualTlsIdentity.Load(paths, time, AgentOptions.Section);
        }
        catch (OptionsValidationException e)
        {
            throw new AgentStartException([.. e.Failures], e);
        }
    }
}
