/** A module that requires Panamax, and nothing else for the vectors. */
module com.example.modulepath {
    requires dev.panamax;
}
