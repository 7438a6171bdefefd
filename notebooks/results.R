# Results in R: Rscript results.R FILE.h5 [COUNTRY]. FILE.h5 is what `entrepot run` or `entrepot sweep` writes
# (Debian: apt install r-cran-ncdf4; merge a sweep's shards first with `entrepot merge`).
library(ncdf4)

arguments <- commandArgs(trailingOnly = TRUE)
stopifnot("name a result file" = length(arguments) >= 1)
focus <- if (length(arguments) >= 2) arguments[2] else "IRN"

file <- nc_open(arguments[1])
attribute <- function(name) ncatt_get(file, 0, name)$value
cat(attribute("title"), "\n")

# R has a file's dimensions the other way round: the first named last in ncdump is the first here.
country <- as.character(ncvar_get(file, "country"))
unit <- ncatt_get(file, "welfare", "units")$value

if (attribute("format") == "entrepot sweep") {
  positive <- ncvar_get(file, "welfare_positive")
  quantiles <- ncvar_get(file, "welfare_quantile")  # country, quantile
  levels <- as.character(ncvar_get(file, "quantile"))
  table <- data.frame(country, quantiles, positive)
  names(table) <- c("country", paste0(levels, " quantile"), "gains in % of draws")
  print(table[order(-abs(ncvar_get(file, "welfare_mean"))), ][1:10, ], row.names = FALSE, digits = 3)
} else {
  welfare <- ncvar_get(file, "welfare")
  order <- order(-abs(welfare))[1:10]
  print(data.frame(country = country[order], welfare = signif(welfare[order], 3)), row.names = FALSE)

  # Trade of one country by partner: sector × exporter × importer in the file, importer first in R.
  places <- as.character(ncvar_get(file, "exporter"))
  change <- apply(ncvar_get(file, "trade") - ncvar_get(file, "trade_base"), c(1, 2), sum)
  exports <- setNames(change[, match(focus, places)], places)
  exports <- exports[names(exports) != focus]
  cat("\nExports of ", focus, ", change in ", ncatt_get(file, "trade", "units")$value, ":\n", sep = "")
  print(round(exports[order(-abs(exports))][1:6], 1))
  barplot(sort(welfare[order], decreasing = TRUE), names.arg = country[order][order(-welfare[order])], las = 2,
          ylab = paste0("Welfare, ", unit), main = attribute("title"))
}
invisible(nc_close(file))
