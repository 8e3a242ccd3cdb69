/** The program {@code panamax}: trains softmax regression on files, and says which kernels run on this machine. */
package dev.panamax.cli;
