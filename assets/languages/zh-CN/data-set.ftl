# data-set
